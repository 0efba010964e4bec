"""What a developer runs, and what the tests share with it."""
