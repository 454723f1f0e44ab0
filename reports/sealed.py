"""A workbook that opens with its password alone: what was found on the clerk is for the Chair.

ECMA-376 agile encryption ([MS-OFFCRYPTO] 2.3.4.10): AES-256, the key under the password by 100,000 rounds of SHA-512,
an HMAC over the whole. Excel and LibreOffice ask for the password. All of it happens in memory.
"""

from __future__ import annotations

from hashlib import sha512
from io import BytesIO
from secrets import token_bytes
from struct import pack

from auditor.errors import WorkbookError

_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_WRAPPING = bytes.fromhex("146e0be7abacd0d6")  # [MS-OFFCRYPTO] 2.3.4.13: the block key of encryptedKeyValue
_KEY = 32
_LOCKED = "It is encrypted, and the password is not the one that is set."


class Locked(WorkbookError):
    """It asks for a password, and for another one than is given."""


def sealed(data: bytes, password: str) -> bytes:
    """The workbook `data`, encrypted, and proved to open again.

    Raises:
        WorkbookError: it does not.
    """
    from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted
    from msoffcrypto.method.ecma376_agile import ECMA376Agile

    about, _ = ECMA376Agile.generate_encryption_parameters(password)
    # msoffcrypto's own key is 16 random bytes, filled up to 32 with one that is known: this one is random throughout.
    key, salt = token_bytes(_KEY), about.keyData.saltValue
    about.encryptedKeyValue = _wrapped(key, password, about.encryptedKey.saltValue, about.spinCount)
    package = ECMA376Agile.encrypt_payload(BytesIO(data), about.keyData, key, salt)
    file = BytesIO()
    ECMA376Encrypted(package, ECMA376Agile.get_encryption_information(about, package, key)).write_to(file)
    made = file.getvalue()
    # A package of less than 4 KiB the library puts in a wrong place (nolze/msoffcrypto-tool, number 105).
    if not _opens(made, password, data):
        raise WorkbookError("The Chair's workbook could not be encrypted: ask whoever looks after the auditor.")
    return made


def _opens(made: bytes, password: str, data: bytes) -> bool:
    try:
        return opened(made, password) == data
    except WorkbookError:
        return False


def opened(data: bytes, password: str | None) -> bytes:
    """The workbook inside; `data` itself where it asks for no password.

    Raises:
        Locked: it asks for a password, and for another one.
        WorkbookError: it is not as it was written.
    """
    if not data.startswith(_COMPOUND):
        return data
    if not password:
        raise Locked(_LOCKED)
    from msoffcrypto.exceptions import InvalidKeyError
    from msoffcrypto.format.ooxml import OOXMLFile

    plain = BytesIO()
    try:
        file = OOXMLFile(BytesIO(data))
        try:
            file.load_key(password=password, verify_password=True)
        except InvalidKeyError:
            raise Locked(_LOCKED) from None
        # LibreOffice 7.4 saves the older kind (2.3.4.5), which has no HMAC: there ZIP's own sums must do.
        file.decrypt(plain, verify_integrity=True)
    except Locked:
        raise
    except Exception:  # noqa: BLE001 - whatever a damaged file makes a library raise
        raise WorkbookError("It is damaged, or is no workbook.") from None
    return plain.getvalue()


def _wrapped(key: bytes, password: str, salt: bytes, rounds: int) -> bytes:
    """The file's key under the password ([MS-OFFCRYPTO] 2.3.4.11 to 2.3.4.13)."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    spun = sha512(salt + password.encode("utf-16-le")).digest()
    for turn in range(rounds):
        spun = sha512(pack("<I", turn) + spun).digest()
    aes = Cipher(algorithms.AES(sha512(spun + _WRAPPING).digest()[:_KEY]), modes.CBC(salt)).encryptor()
    return aes.update(key) + aes.finalize()
