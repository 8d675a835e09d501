package dev.godwit.cli.progress;

import dev.godwit.cli.console.Block;

/** Lines at the end of a terminal that are drawn over themselves. */
final class LiveView implements ProgressView {
  private final Block block;
  private final String task;

  LiveView(Block block, String task) {
    this.block = block;
    this.task = task;
  }

  @Override
  public void show(ProgressSource source) {
    block.draw(columns -> source.picture(task, columns));
  }

  @Override
  public void close() {
    block.leave();
  }
}
