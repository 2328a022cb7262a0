"""How often one network address may do something within an hour."""

import logging
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

HOUR = 60 * 60  # seconds, from the first time on
IPV6_PREFIX = 64  # bits that a connection keeps; the rest its devices choose as they like
logger = logging.getLogger(__name__)


def address(request: HttpRequest) -> str | None:
    """Where a request comes from, for us and for axes; None of a socket without an address.

    Behind a proxy it is what that proxy put last: what stands before it anybody can write.
    """
    given = [request.META.get("REMOTE_ADDR", "")]
    if settings.BEHIND_PROXY:
        given.insert(0, request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2])
    for each in given:
        try:
            found = ip_address(each.strip())
        except ValueError:
            continue
        return str((isinstance(found, IPv6Address) and found.ipv4_mapped) or found)
    return None


def too_often(request: HttpRequest, what: str, most: int) -> bool:
    """Count one more time; whether there were more than `most` from this address this hour."""
    where = address(request)
    if where is None:
        return False
    network = ip_network((where, IPV6_PREFIX), strict=False) if ":" in where else where
    key = f"throttle:{what}:{network}"
    try:
        cache.add(key, 0, HOUR)
        return cache.incr(key) > most
    except ValueError:  # the hour ended between the two
        return False
    except RedisError:
        logger.exception("no cache to count %s in", what)
        return False
