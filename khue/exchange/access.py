"""Who may pair nodes, send, accept, and read what is exchanged."""

from enum import StrEnum

#: The role under which another node acts here, on the body it reports for: never granted to an account.
PEER_ROLE = "peer_node"


class Permission(StrEnum):
    """Permissions of the exchange."""

    NODE_MANAGE = "exchange:node:manage"  # pair with other nodes
    KEEPER_CHANGE = "exchange:keeper:change"  # hand a school's rows over to its own node, take them back
    KEEPER_RETURN = "exchange:keeper:return"  # hand the own school's rows back to the node above
    RECORD_SEND = "exchange:record:send"  # collect, send, write files
    RECORD_ACCEPT = "exchange:record:accept"  # another node alone
    RECORD_READ = "exchange:record:read"  # peers, lag, quality, work lists, files of a field set
    LETTER_WRITE = "exchange:letter:write"  # to another node, about a pupil of the own school
    LETTER_CARRY = "exchange:letter:carry"  # another node alone: hand over letters, fetch its own
    FACT_DECLARE = "exchange:fact:declare"  # what a school says of itself
