"""Whether Microsoft's own client library can read the loopback Microsoft 365 of the tests: folders, delta, message, MIME.

The library is no dependency of the auditor's. In an environment of its own:

    python3 -m venv /tmp/official
    /tmp/official/bin/pip install msgraph-sdk azure-identity trustme
    PYTHONPATH=tests /tmp/official/bin/python benchmarks/official_microsoft.py
"""

from __future__ import annotations

import asyncio
import ssl
import tempfile
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import httpx
from azure.identity import CertificateCredential, ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.headers_collection import HeadersCollection
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.mail_search_folder import MailSearchFolder
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.users.item.mail_folders.item.messages.delta.delta_request_builder import DeltaRequestBuilder
from msgraph.generated.users.item.mail_folders.mail_folders_request_builder import MailFoldersRequestBuilder
from msgraph_core import GraphClientFactory
from providers.microsoft import Mailbox, Tenant

ADDRESS = "clerk@thorrington.example.org"
RAW = (
    b"From: Clerk <clerk@thorrington.example.org>\r\nTo: A. O'Neill <resident@example.com>\r\n"
    b"Date: Mon, 02 Nov 2026 09:14:00 +0000\r\nSubject: =?utf-8?q?The_caf=C3=A9?=\r\n"
    b'Message-ID: <1@thorrington.example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain\r\n\r\nDear resident\r\n--b\r\nContent-Type: application/pdf\r\n"
    b'Content-Disposition: attachment; filename="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--b--\r\n'
)


def client(tenant: Tenant, *, certificate: bool) -> tuple[GraphServiceClient, httpx.AsyncClient]:
    """The official client, pointed at the loopback."""
    facts = {
        "authority": tenant.authority,
        "disable_instance_discovery": True,
        "connection_verify": str(tenant.ca),
    }
    ids = (tenant.tenant, tenant.client_id)
    if certificate:
        credential = CertificateCredential(*ids, str(tenant.certificate()), **facts)
    else:
        credential = ClientSecretCredential(*ids, tenant.secret, **facts)
    scopes = ["https://graph.microsoft.com/.default"]
    provider = AzureIdentityAuthenticationProvider(credential, scopes=scopes, allowed_hosts=["localhost"])
    plain = httpx.AsyncClient(verify=ssl.create_default_context(cafile=str(tenant.ca)), trust_env=False, timeout=30)
    adapter = GraphRequestAdapter(provider, GraphClientFactory.create_with_default_middleware(client=plain))
    adapter.base_url = tenant.endpoint
    return GraphServiceClient(request_adapter=adapter), plain


def wanting(*preferences: str, query: object = None) -> RequestConfiguration:
    headers = HeadersCollection()
    headers.add("Prefer", ", ".join(['IdType="ImmutableId"', *preferences]))
    return RequestConfiguration(headers=headers, query_parameters=query)


async def folders(graph: GraphServiceClient) -> list[str]:
    """Every folder's name, search folders in brackets."""
    query = MailFoldersRequestBuilder.MailFoldersRequestBuilderGetQueryParameters(include_hidden_folders="true", top=5)
    at = graph.users.by_user_id(ADDRESS).mail_folders
    page = await at.get(request_configuration=wanting(query=query))
    names = []
    while True:
        names += [
            f"({one.display_name})" if isinstance(one, MailSearchFolder) else one.display_name for one in page.value
        ]
        if not page.odata_next_link:
            return names
        page = await at.with_url(page.odata_next_link).get(request_configuration=wanting())


async def delta(graph: GraphServiceClient, link: str = "") -> AsyncIterator[object]:
    """What a round of delta tells, and its delta link last."""
    query = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(select=["subject", "isRead", "changeKey"])
    at = graph.users.by_user_id(ADDRESS).mail_folders.by_mail_folder_id("sentitems").messages.delta
    small = "odata.maxpagesize=3"
    if link:
        page = await at.with_url(link).get(request_configuration=wanting(small))
    else:
        page = await at.get(request_configuration=wanting(small, query=query))
    while True:
        for one in page.value:
            yield one
        if page.odata_delta_link:
            yield page.odata_delta_link
            return
        page = await at.with_url(page.odata_next_link).get(request_configuration=wanting(small))


async def read(graph: GraphServiceClient, box: Mailbox, ids: list[str]) -> None:
    names = await folders(graph)
    assert "Sent Items" in names, names
    assert "(Unread Mail)" in names, names
    assert "Yammer Root" in names, names
    *told, link = [one async for one in delta(graph)]
    assert [one.id for one in told] == ids, told
    assert {one.subject for one in told} == {"The café"}, told
    box.touch(ids[0], read=False)
    box.remove(ids[1])
    *told, link = [one async for one in delta(graph, link)]
    assert [(one.id, "@removed" in one.additional_data) for one in told] == [(ids[0], False), (ids[1], True)], told
    assert told[0].is_read is False
    await message(graph, ids[2])
    box.forget()
    at = graph.users.by_user_id(ADDRESS).mail_folders.by_mail_folder_id("sentitems").messages.delta
    assert await refusal(at.with_url(link).get(request_configuration=wanting())) == (410, "SyncStateNotFound")


async def refusal(reading: Awaitable[object]) -> tuple[int, str] | None:
    """The status and the code of what must not succeed."""
    try:
        await reading
    except ODataError as error:
        return error.response_status_code, error.error.code
    return None


async def message(graph: GraphServiceClient, i: str) -> None:
    at = graph.users.by_user_id(ADDRESS).messages.by_message_id(i)
    one = await at.get(request_configuration=wanting())
    assert one.subject == "The café"
    assert one.from_.email_address.address == ADDRESS
    assert one.to_recipients[0].email_address.name == "A. O'Neill"
    assert one.sent_date_time.isoformat() == "2026-11-02T09:14:00+00:00"
    assert one.has_attachments is True
    assert await at.content.get(request_configuration=wanting()) == RAW
    (attachment,) = (await at.attachments.get(request_configuration=wanting())).value
    assert (attachment.name, attachment.content_bytes) == ("a.pdf", b"%PDF"), attachment
    nobody = graph.users.by_user_id("nobody@thorrington.example.org")
    assert await refusal(nobody.messages.by_message_id(i).get()) == (404, "ErrorInvalidUser")


async def both(tenant: Tenant) -> None:
    tenant.entra.old_assertions = True  # azure-identity signs with RS256
    for certificate in (False, True):
        box = tenant.mailbox(ADDRESS, "Ann Marsh")
        ids = [box.deliver(RAW) for _ in range(8)]
        graph, plain = client(tenant, certificate=certificate)
        async with plain:
            await read(graph, box, ids)
        print("certificate" if certificate else "secret", "read", len(tenant.server.calls), "calls")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Tenant(Path(folder)) as tenant:
        asyncio.run(both(tenant))
        for line in tenant.server.wrong:
            print("wrong:", line)


if __name__ == "__main__":
    main()
