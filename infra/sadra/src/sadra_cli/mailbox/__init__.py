"""The development mailbox: it takes every mail and shows it, and sends nothing on."""
