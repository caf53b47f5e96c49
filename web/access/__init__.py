"""Access: who asks, what they may, and the gate that every request goes through."""
