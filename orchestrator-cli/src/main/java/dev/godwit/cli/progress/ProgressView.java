package dev.godwit.cli.progress;

/** One way of showing readings. Used from one thread at a time. */
interface ProgressView {
  void show(ProgressSource source);

  /** Nothing more will be shown. */
  void close();
}
