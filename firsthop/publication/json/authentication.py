"""The part of the JSON contract (message.py; its keys: docs/reference/json.md) that
tells who is claimed, what vouches for it, and by which way it came."""

from __future__ import annotations

from firsthop.evidence.authentication.arc.verify import ArcResult
from firsthop.evidence.authentication.check import Authentication
from firsthop.evidence.authentication.dkim.coverage import Coverage
from firsthop.evidence.authentication.dkim.verify import DkimResult
from firsthop.evidence.authentication.dmarc.evaluate import DmarcResult
from firsthop.evidence.authentication.results import AuthenticationResult
from firsthop.evidence.authentication.spf.evaluate import SpfResult
from firsthop.evidence.authentication.vouching import Vouching
from firsthop.evidence.path.indirect import Sign
from firsthop.evidence.roles import Identity
from firsthop.publication.json.values import Object, number, time_text


def identity_object(one: Identity) -> Object:
    """An identity the message claims."""
    return {
        "role": one.role,
        "address": one.address,
        "domain": one.domain,
        "display_name": one.display_name,
        "field": one.field.name,
        "span": list(one.field.span),
    }


def sign_object(sign: Sign) -> Object:
    """A sign of an indirect way."""
    return {
        "flow": sign.flow,
        "says": sign.explanation,
        "field": sign.field.name,
        "span": list(sign.field.span),
        "hosts": list(sign.hosts),
        "on_path": sign.on_path,
        "claimed": sign.claimed,
    }


def authentication_object(found: Authentication) -> Object:
    """What vouches for the author."""
    return {
        "judged_at": time_text(found.judged_at),
        "results": [_result(result) for result in found.results],
        "dkim": [_dkim(one) for one in found.dkim],
        "arc": _arc(found.arc),
        "spf": _spf(found.spf),
        "dmarc": None if found.dmarc is None else _dmarc(found.dmarc),
        "vouching": None if found.vouching is None else _vouching(found.vouching),
    }


def _vouching(found: Vouching) -> Object:
    refusal = found.refusal
    return {
        "domain": found.domain,
        "vouchers": [
            {
                "mechanism": one.mechanism,
                "domain": one.domain,
                "checked": one.checked,
                "open": list(one.partial),
            }
            for one in found.vouchers
        ],
        "refusal": None
        if refusal is None
        else {
            "policy": refusal.policy,
            "action": refusal.action,
            "checked": refusal.checked,
            "forbids": refusal.forbids,
        },
        "looked": list(found.looked),
        "gateway": None if found.gateway is None else found.gateway.key,
        "changed": found.changed,
        "rebuilt": found.rebuilt,
    }


def _result(result: AuthenticationResult) -> Object:
    return {
        "method": result.method,
        "result": result.result,
        "reason": result.reason,
        "properties": [{"name": name, "value": value} for name, value in result.properties],
        "comment": result.comment,
        "authserv_id": result.authserv_id,
        "instance": number(result.instance),
        "inside": result.inside,
        "defects": list(result.defects),
        "field": result.field.name if result.field else None,
        "span": list(result.span),
    }


def _dkim(one: DkimResult) -> Object:
    signature = one.signature
    return {
        "outcome": str(one.outcome),
        "reason": one.reason,
        "says": one.explanation,
        "domain": signature.domain,
        "selector": signature.selector,
        "identity": signature.identity,
        "algorithm": signature.algorithm,
        "signed_at": time_text(signature.signed_at),
        "expires": time_text(signature.expires),
        "body": str(one.body),
        "as_of": time_text(one.as_of),
        "notes": list(one.notes),
        "field": signature.field.name,
        "span": list(signature.field.span),
        "covers": _covers(one.covers),
        "repairs": list(one.repairs),
    }


def _covers(covers: Coverage) -> Object:
    return {
        "whole": covers.whole,
        "open": list(covers.open_parts),
        "from_fields": covers.from_fields,
        "signed_from": list(covers.signed_from),
        "author_signed": covers.author_signed,
        "unsigned": list(covers.unsigned),
        "added": list(covers.added),
        "octets_beyond": covers.octets_beyond,
        "age": number(covers.age),
    }


def _arc(arc: ArcResult) -> Object:
    sets = [
        {
            "instance": arc_set.instance,
            "domain": arc_set.seal.domain,
            "selector": arc_set.seal.selector,
            "cv": arc_set.cv,
            "span": list(arc_set.seal.field.span),
        }
        for arc_set in arc.chain.sets
    ]
    return {
        "status": str(arc.status),
        "reason": arc.reason,
        "says": arc.explanation,
        "oldest_pass": arc.oldest_pass,
        "as_of": time_text(arc.as_of),
        "errors": list(arc.chain.errors),
        "sets": sets,
    }


def _spf(spf: SpfResult) -> Object:
    return {
        "result": spf.result,
        "says": spf.reason,
        "domain": spf.domain,
        "identity": spf.identity,
        "term": spf.term,
        "explanation": spf.explanation,
        "as_of": time_text(spf.as_of),
        "trace": [
            {
                "depth": step.depth,
                "domain": step.domain,
                "term": step.term,
                "says": step.explanation,
            }
            for step in spf.trace
        ],
    }


def _dmarc(dmarc: DmarcResult) -> Object:
    aligned = [
        {
            "mechanism": one.mechanism,
            "domain": one.domain,
            "aligned": one.aligned,
            "strict": one.strict,
            "organization": one.organization,
            "says": one.explanation,
        }
        for one in dmarc.alignments
    ]
    return {
        "result": dmarc.result,
        "says": dmarc.explanation,
        "author_domain": dmarc.author_domain,
        "rules": str(dmarc.rules),
        "policy": dmarc.policy,
        "policy_domain": dmarc.policy_domain,
        "record": dmarc.record.text if dmarc.record else None,
        "as_of": time_text(dmarc.as_of),
        "alignments": aligned,
    }
