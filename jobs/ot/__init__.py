"""The follow-up service (OT): who is transferred to it from the register, who is not, and why."""
