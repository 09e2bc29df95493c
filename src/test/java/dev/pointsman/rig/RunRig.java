package dev.pointsman.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Runs a scenario for {@code hack/demo.sh}: prints each step, then {@link Stub#READY}; stops everything when its input
 * ends, so that nothing outlives the script, however that ends.
 */
public final class RunRig {
  private RunRig() {}

  /** Arguments: the scenario's folder, a folder for files and logs. */
  public static void main(String[] args) {
    Thread.ofPlatform().start(RunRig::exitWhenInputEnds);
    Parts parts = Parts.find(Runtime.getRuntime().availableProcessors());
    try {
      Rig.start(parts, Scenario.read(Path.of(args[0])), Path.of(args[1]), System.out::println);
    } catch (PortTakenException e) {
      e.taken().forEach(line -> System.out.println("demo.sh: " + line));
      System.exit(1);
    }
    System.out.println(Stub.READY);
  }

  private static void exitWhenInputEnds() {
    try {
      Stub.exitWhenInputEnds();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
