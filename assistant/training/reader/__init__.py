"""Makes the bundled reader: vocabulary, transfer from English, fine-tuning, export."""
