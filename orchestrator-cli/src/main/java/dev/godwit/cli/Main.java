package dev.godwit.cli;

import dev.godwit.cli.console.Fault;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.console.TerminalSeat;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.ProcessInterrupts;
import dev.godwit.cli.stepfunctions.AwsClients;
import dev.godwit.cli.stepfunctions.StateMachineArn;
import dev.godwit.cli.stepfunctions.StepFunctionsPlace;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.Charset;

/** Where the process begins. */
public final class Main {
  /** Set by the scripts, which can tell whether stderr is a terminal; Java cannot. */
  private static final String LIVE = "godwit.live";

  /** Set by the scripts: whether somebody sits before a terminal who can answer. */
  private static final String ASKS = "godwit.asks";

  private Main() {}

  public static void main(String[] arguments) {
    var seat = new TerminalSeat();
    var screen =
        Boolean.getBoolean(LIVE)
            ? Screen.live(buffered(FileDescriptor.out), buffered(FileDescriptor.err), seat)
            : Screen.over(buffered(FileDescriptor.out), buffered(FileDescriptor.err));
    if (Boolean.getBoolean(ASKS)) {
      screen =
          screen
              .answeredBy(
                  new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())))
              .pressedOn(seat);
    }
    // What a migration prints must not come between results, nor steer the terminal.
    System.setOut(screen.err());
    System.setErr(screen.err());
    var interrupts = new ProcessInterrupts(screen.err(), seat::restore);
    interrupts.watchExits();
    interrupts.exit(execute(screen, interrupts, arguments));
  }

  @SuppressWarnings("CatchingUnchecked") // whatever it is, the process must end with a code
  private static int execute(Screen screen, ProcessInterrupts interrupts, String... arguments) {
    try {
      return new Godwit(
              screen,
              System.getenv(),
              new EmbeddedEngines(),
              arn -> StepFunctionsPlace.runs(StateMachineArn.of(arn), AwsClients.found()),
              interrupts)
          .execute(arguments);
    } catch (Throwable e) {
      return Fault.tell(e, screen.err()).code();
    }
  }

  private static OutputStream buffered(FileDescriptor descriptor) {
    return new BufferedOutputStream(new FileOutputStream(descriptor));
  }
}
