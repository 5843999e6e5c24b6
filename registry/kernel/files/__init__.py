"""Tables that people upload: checked before they are parsed, and parsed where they can harm nobody."""
