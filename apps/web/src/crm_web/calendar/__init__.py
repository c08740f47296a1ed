"""The calendar as facts for its pages: what is asked, which days that is, how events lie in them."""
