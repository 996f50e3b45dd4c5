"""An exercise in the window: the trainee's panel, orders, the trainer's window, the debrief."""
