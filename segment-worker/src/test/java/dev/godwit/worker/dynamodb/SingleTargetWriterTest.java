package dev.godwit.worker.dynamodb;

/** The same, without PartiQL. */
class SingleTargetWriterTest extends TargetWriterTest {
  @Override
  boolean writesOneByOne() {
    return true;
  }
}
