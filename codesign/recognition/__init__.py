"""Recognition: yearly certificates that anybody can check, and awards."""
