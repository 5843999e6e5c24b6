"""What lists show of a company at a glance: figures kept for the present day, and worked out wherever they are not."""
