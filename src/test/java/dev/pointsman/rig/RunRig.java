package dev.pointsman.rig;

import java.nio.file.Path;

/**
 * Runs a scenario for {@code hack/demo.sh}: prints each step, then {@link Stub#READY}; stops everything when its input
 * ends, so that nothing outlives the script, however that ends.
 */
public final class RunRig {
  private RunRig() {}

  /** Arguments: the scenario's folder, a folder for files and logs. */
  public static void main(String[] args) {
    Stub.begin();
    long started = System.nanoTime();
    Parts parts = Parts.find(Runtime.getRuntime().availableProcessors());
    try {
      Rig rig = Rig.start(
          parts,
          Scenario.read(Path.of(args[0])),
          Path.of(args[1]),
          step -> System.out.printf("%5.1f s  %s%n", (System.nanoTime() - started) / 1e9, step));
      Stub.ready();
      System.out.println("demo.sh: ended by itself: " + rig.ended().join());
    } catch (PortTakenException e) {
      e.taken().forEach(line -> System.out.println("demo.sh: " + line));
    } catch (RuntimeException | AssertionError e) {
      System.out.println("demo.sh: " + e.getMessage());
    }
    System.exit(1);
  }
}
