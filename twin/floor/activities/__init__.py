"""What people do, each as the work instruction reads."""
