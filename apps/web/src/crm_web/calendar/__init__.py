"""The calendar and its events as facts for pages: what is asked, which days that is, how events lie, who comes."""
