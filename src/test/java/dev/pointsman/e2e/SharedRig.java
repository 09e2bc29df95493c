package dev.pointsman.e2e;

import dev.pointsman.rig.Parts;
import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the rig for the first test that asks for it, and stops it after the last of all classes. */
final class SharedRig implements ParameterResolver {
  /** Two, as requests that meet on one connection or one counter behave differently with several workers. */
  private static final int ENVOY_CONCURRENCY = 2;

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Rig.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.GLOBAL)
        .getOrComputeIfAbsent(Rig.class, _ -> start(), Rig.class);
  }

  private static Rig start() {
    return Rig.start(
        Parts.find(ENVOY_CONCURRENCY),
        Scenario.read(Path.of("testdata/e2e")),
        Path.of("target", "e2e-" + ProcessHandle.current().pid()),
        step -> System.out.println("rig: " + step));
  }
}
