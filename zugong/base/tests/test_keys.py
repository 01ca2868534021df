"""Where keys come from, and that a value says which of them it is under."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from zugong.base import sealing
from zugong.base.providers import FileKeys, GivenKeys, id_of
from zugong.base.rules import Refused
from zugong.base.tests.keyrings import own_ring

A, B = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))


def test_a_value_says_its_key_and_opens_under_older_ones_too(settings, tmp_path):
    with own_ring(settings, tmp_path) as path:
        old = sealing.sealed("甲", "room.record.field")
        mark = sealing.index("甲", "room.record.field")
        first = sealing.ring().current
        second = FileKeys(path).add()
        assert sealing.unsealed(old, "room.record.field") == "甲"
        assert sealing.ring(again=True).keys == (first, second)
        new = sealing.sealed("甲", "room.record.field")
        assert [sealing.key_of(base64.b64decode(text)) for text in (old, new)] == [first, second]
        assert (old.startswith(sealing.text_head(first)), new.startswith(sealing.text_head(second))) == (True, True)
        assert sealing.index("甲", "room.record.field", first) == mark != sealing.index("甲", "room.record.field")
        FileKeys(path).destroy(first)
        sealing.ring(again=True)
        with pytest.raises(sealing.BadSeal):
            sealing.unsealed(old, "room.record.field")
        assert sealing.unsealed(new, "room.record.field") == "甲"


def test_a_value_of_the_first_version_opens_under_the_first_key(settings, tmp_path):
    """Sealed by the program as it was before there was a ring: version 1, IV, ciphertext, tag."""
    old = "AQABAgMEBQYHCAkKC5xoFQ=="  # too short to be one
    with own_ring(settings, tmp_path, ZUGONG_MASTER_KEY=f"{A},{B}"):
        made = _first_version("429901199107086270", "people.person.resident_id", base64.b64decode(A))
        assert sealing.unsealed(made, "people.person.resident_id") == "429901199107086270"
        for wrong in (old, made[:-4] + "AAAA", ""):
            with pytest.raises(ValueError):
                sealing.unsealed(wrong, "people.person.resident_id")


def _first_version(text: str, field: str, master: bytes) -> str:
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    key, iv = HKDF(hashes.SM3(), 16, salt=None, info=b"seal").derive(master), bytes(12)
    machine = Cipher(algorithms.SM4(key), modes.GCM(iv)).encryptor()
    machine.authenticate_additional_data(field.encode())
    body = machine.update(text.encode()) + machine.finalize()
    return base64.b64encode(b"\x01" + iv + body + machine.tag).decode()


def test_keys_given_in_the_environment_or_in_a_file_it_names(settings, tmp_path, monkeypatch):
    given = tmp_path / "credential"
    given.write_text(f"{A}\n{B}\n")
    given.chmod(0o600)
    wanted = [id_of(base64.b64decode(key)) for key in (A, B)]
    for said in (f"{A},{B}", f"{A} {B}", str(given)):
        with own_ring(settings, tmp_path / "none", ZUGONG_MASTER_KEY=said):
            assert list(sealing.ring().keys) == wanted
            assert sealing.unsealed(sealing.sealed("甲", "f"), "f") == "甲"
            assert not (tmp_path / "none").exists(), "no key of our own was made besides"
        with pytest.raises(Refused, match="openssl rand -base64 32"):
            GivenKeys(said).add()
    if os.name == "posix":
        given.chmod(0o640)
        with pytest.raises(Refused, match="chmod 600"):
            GivenKeys(str(given)).keys()
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))  # systemd guards what it hands over
        assert GivenKeys(str(given)).keys() == wanted


@pytest.mark.parametrize(
    "said", ["", "   ", "not base64", base64.b64encode(b"short").decode(), f"{A},{A[:20]}", "/no/such/file"]
)
def test_what_is_no_key_is_refused_and_not_repeated(said):
    with pytest.raises(Refused) as refusal:
        GivenKeys(said).keys()
    assert A not in str(refusal.value)
    assert not said.strip() or said not in str(refusal.value)


def test_somebody_elses_module_keeps_the_keys_and_gives_none_away(settings, tmp_path):
    with own_ring(settings, tmp_path / "none", ZUGONG_KEY_PROVIDER="zugong.base.tests.keyrings.Module"):
        text = sealing.sealed("甲", "f")
        assert sealing.unsealed(text, "f") == "甲"
        assert sealing.index("甲", "f") != sealing.index("乙", "f")
        assert not (tmp_path / "none").exists()
    settings.ZUGONG_KEY_PROVIDER = "zugong.base.tests.keyrings.Nowhere"
    with pytest.raises(Refused, match="ZUGONG_KEY_PROVIDER"):
        sealing.provider()


def test_no_key_stands_in_what_can_be_printed(settings, tmp_path):
    with own_ring(settings, tmp_path) as path:
        key = Path(path).read_text().strip()
        for one in (sealing.ring(), sealing.provider(), sealing.ring().current, sealing.text_head(sealing.ring().current)):
            assert key not in repr(one) and key not in str(one)  # noqa: PT018
        assert sealing.ring().current not in base64.b64decode(key).hex()
