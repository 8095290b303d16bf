"""Generators and discriminators. Every parameter carries a leading axis of replicas."""
