package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A run of many small segments, to be killed: each segment takes {@link #SLICES} slices, and each
 * call leaves a line {@code segment slice} in a file. Run as a program it starts or redrives the
 * execution in the folder given, or, with a name after it, says whether that one was killed.
 */
final class KillableRun {
  static final int SEGMENTS = 60;
  static final int SLICES = 6;

  static final String MACHINE =
      """
      {"QueryLanguage": "JSONata", "StartAt": "M", "States": {"M": {
        "Type": "Map", "End": true, "MaxConcurrency": 7,
        "Items": "{%% $shuffle([0..%d]) %%}",
        "ItemSelector": {"segment": "{%% $states.context.Map.Item.Value %%}", "slice": 0},
        "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Arguments": {"Bucket": "b"}},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
          "StartAt": "Slice", "States": {
            "Slice": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
              "Arguments": "{%% $states.input %%}", "Next": "More?"},
            "More?": {"Type": "Choice", "Default": "Done", "Choices": [
              {"Condition": "{%% $states.input.slice < %d %%}", "Next": "Slice"}]},
            "Done": {"Type": "Pass", "End": true}}}}}}
      """
          .formatted(SEGMENTS - 1, SLICES);

  private KillableRun() {}

  static Engine engine(Path home) {
    Path calls = home.resolve("calls.txt");
    return Engine.builder(home)
        .taskThreads(4)
        .task(
            "lambda:invoke",
            call -> {
              JsonNode request = call.arguments();
              Thread.sleep(3);
              try (FileChannel channel =
                  FileChannel.open(calls, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                String line = request.get("segment") + " " + request.get("slice") + "\n";
                channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
              }
              return JsonNodeFactory.instance
                  .objectNode()
                  .put("segment", request.get("segment").intValue())
                  .put("slice", request.get("slice").intValue() + 1);
            })
        .build();
  }

  static Execution startOrRedrive(Engine engine) {
    return engine.find("run").isPresent()
        ? engine.redrive("run")
        : engine.start(
            StateMachine.parse("killable", MACHINE), "run", JsonNodeFactory.instance.objectNode());
  }

  public static void main(String[] arguments) throws InterruptedException {
    try (Engine engine = engine(Path.of(arguments[0]))) {
      if (arguments.length > 1) {
        System.out.println(engine.find(arguments[1]).orElseThrow().killed());
        return;
      }
      startOrRedrive(engine).await();
    }
  }
}
