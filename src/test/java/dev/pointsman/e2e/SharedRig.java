package dev.pointsman.e2e;

import dev.pointsman.rig.Parts;
import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import java.nio.file.Path;

/** The rig of all tests that ask for it. */
final class SharedRig extends StartedOnce<Rig> {
  /** Two, as requests that meet on one connection or one counter behave differently with several workers. */
  private static final int ENVOY_CONCURRENCY = 2;

  SharedRig() {
    super(Rig.class);
  }

  @Override
  protected Rig start() {
    return Rig.start(
        Parts.find(ENVOY_CONCURRENCY),
        Scenario.read(Path.of("testdata/e2e")),
        Path.of("target", "e2e-" + ProcessHandle.current().pid()),
        step -> System.out.println("rig: " + step));
  }
}
