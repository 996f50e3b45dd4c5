"""What stands around the map: cards, charts, queues, the log, the inspector, the timeline."""
