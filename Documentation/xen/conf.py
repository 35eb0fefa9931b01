# SPDX-License-Identifier: GPL-2.0
"""Sphinx configuration of the port's documentation: `make docs`.

Plain Sphinx with its default theme and no extension, so that Debian's
python3-sphinx is all it takes and every warning can be an error.
"""

project = "Xen guest port of Linux in C++"
author = "Xen C++ port maintainers"
copyright = "the authors, GPL-2.0"

extensions: list[str] = []
exclude_patterns: list[str] = ["_build"]
highlight_language = "none"
html_theme_options = {"page_width": "1240px", "body_max_width": "none", "code_font_size": "0.8em"}
html_show_sourcelink = False
nitpicky = True
