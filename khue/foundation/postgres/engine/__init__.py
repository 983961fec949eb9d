"""Django on PostgreSQL, for many short requests on connections that last. docs/decisions/0090"""
