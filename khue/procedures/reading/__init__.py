"""From an uploaded drawing and its forms to a version that can be published. Loads lxml and SpiffWorkflow: nothing a
page at rest imports may import it.
"""
