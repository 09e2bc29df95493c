package dev.pointsman.cli;

import picocli.CommandLine.IVersionProvider;

/** The output of {@code --version}. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "pointsman " + (version == null ? "development" : version),
      "Envoy Gateway 1.8 and 1.9, Envoy 1.38 to 1.40; Java " + Runtime.version().feature()
    };
  }
}
