package dev.godwit.cli.console;

import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out for results alone
 * @param err for everything else
 * @param live whether {@code err} is a terminal that redraws a line
 */
public record Screen(PrintStream out, PrintStream err, boolean live) {}
