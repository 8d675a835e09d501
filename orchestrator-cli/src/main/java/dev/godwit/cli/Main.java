package dev.godwit.cli;

import dev.godwit.cli.console.Screen;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.session.ShutdownInterrupts;
import dev.godwit.cli.stepfunctions.AwsClients;
import dev.godwit.cli.stepfunctions.StateMachineArn;
import dev.godwit.cli.stepfunctions.StepFunctionsRuns;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Where the process begins. */
public final class Main {
  /** Set by the scripts, which can tell whether stderr is a terminal; Java cannot. */
  private static final String LIVE = "godwit.live";

  private Main() {}

  public static void main(String[] arguments) {
    var screen =
        new Screen(utf8(FileDescriptor.out), utf8(FileDescriptor.err), Boolean.getBoolean(LIVE));
    var godwit =
        new Godwit(
            screen,
            System.getenv(),
            new EmbeddedEngines(),
            arn -> new StepFunctionsRuns(StateMachineArn.of(arn), AwsClients.found()),
            new ShutdownInterrupts());
    System.exit(godwit.execute(arguments));
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
