package routes.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine;

/** What {@code ./hub help} and the help of every verb say, for tests of pages that name them. */
public final class CliHelp {

  private CliHelp() {}

  public static String all() {
    OutputStream nowhere = OutputStream.nullOutputStream();
    CommandLine top = new Cli(Map.of(), nowhere, nowhere, Clock.systemUTC(), 0).commandLine();
    StringBuilder all = new StringBuilder();
    try {
      all.append(Files.readString(Path.of("scripts/help.txt")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    add(top, all);
    return all.toString();
  }

  private static void add(CommandLine verb, StringBuilder to) {
    ByteArrayOutputStream usage = new ByteArrayOutputStream();
    verb.usage(new java.io.PrintStream(usage, true, UTF_8), CommandLine.Help.Ansi.OFF);
    to.append('\n').append(usage.toString(UTF_8));
    verb.getSubcommands().values().forEach(each -> add(each, to));
  }
}
