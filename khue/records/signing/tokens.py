"""Time stamps byte for byte: what its authority did not sign of a token must follow from what it did."""

from asn1crypto import algos, cms, core, x509

#: The parameters of these are no signature's business, and say how it was made.
WITH_PARAMETERS = "rsassa_pss"


def is_bare(signed: cms.SignedData) -> bool:
    """Whether nothing stands in a token (RFC 3161) that could be otherwise and its signature still hold.

    Versions, names of digests and their parameters, lists and attributes beside are under no signature: one bit changed
    there would go unseen. Certificates are looked at where the path is known.
    source: RFC 5652 §5.1, §5.3 (versions); RFC 3161 §2.4.2 (one signer)
    """
    signers = signed["signer_infos"]
    if len(signers) != 1 or signed["version"].native != "v3" or not _is_absent(signed["crls"]):
        return False
    signer = signers[0]
    digest, way = signer["digest_algorithm"], signer["signature_algorithm"]
    own_version = "v1" if signer["sid"].name == "issuer_and_serial_number" else "v3"
    if own_version == "v1" and signer["sid"].chosen.dump() not in {
        _named(each.chosen) for each in signed["certificates"]
    }:
        return False
    return (
        [each["algorithm"].dotted for each in signed["digest_algorithms"]] == [digest["algorithm"].dotted]
        and all(_is_named_alone(each) for each in (*signed["digest_algorithms"], digest))
        and (way["algorithm"].native == WITH_PARAMETERS or _is_named_alone(way))
        and signer["version"].native == own_version
        and _is_absent(signer["unsigned_attrs"])
    )


def _named(certificate: x509.Certificate) -> bytes:
    """How a signer is named by this certificate, byte for byte: the same name may be written otherwise."""
    of = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    return bytes(cms.IssuerAndSerialNumber(of).dump())


def _is_absent(field: core.Asn1Value) -> bool:
    return isinstance(field, core.Void)


def _is_named_alone(algorithm: algos.AlgorithmIdentifier) -> bool:
    """No parameters, or the nothing that some write there."""
    found = algorithm["parameters"]
    return isinstance(found, core.Void) or found.dump() == core.Null().dump()
