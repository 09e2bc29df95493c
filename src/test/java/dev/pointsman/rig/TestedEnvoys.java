package dev.pointsman.rig;

import java.util.stream.Stream;

/** The versions of Envoy for tests of its behaviour. */
public final class TestedEnvoys {
  private static final boolean ALL = System.getProperty("all") != null;

  private TestedEnvoys() {}

  /** The newest and the oldest that we support; each with {@code -Dall}. */
  public static Stream<String> versions() {
    return ALL
        ? RealEnvoy.VERSIONS.stream()
        : Stream.of(RealEnvoy.NEWEST, RealEnvoy.VERSIONS.getLast());
  }
}
