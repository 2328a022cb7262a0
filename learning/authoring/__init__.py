"""What authors do in admin: proposals, the check before publishing, files in and out."""
