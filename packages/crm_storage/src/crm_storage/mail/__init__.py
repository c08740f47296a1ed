"""Mail of the installation itself: links to reset a password, invitations, notices."""
