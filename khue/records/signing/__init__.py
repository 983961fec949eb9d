"""Signatures: keys behind one interface, XAdES and PAdES, time stamps, and the judge. Knows no database and no page.

Heavy libraries are imported where they are used: a web process that signs nothing holds none of them.
"""
