"""家具间：页面外壳、小部件、静态文件、图表。
The furniture every page uses: shells, pieces, template tags, assets built from locked packages."""
