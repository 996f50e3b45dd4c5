"""The room of the visualizer: reads the event stream, knows nothing of the model."""
