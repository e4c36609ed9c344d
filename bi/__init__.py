"""What people look at in tools of their own: templates of our pages, assets of BI tools."""
