"""Public writes of identity."""

from khue.identity.actions.sessions import close_other_sessions, close_session, open_session

__all__ = ["close_other_sessions", "close_session", "open_session"]
