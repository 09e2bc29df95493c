package dev.pointsman.cli;

import picocli.CommandLine.IVersionProvider;

/** The output of {@code --version}. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "pointsman " + (version == null ? "development" : version),
      "Envoy Gateway " + SupportedVersions.ENVOY_GATEWAY.versions() + ", Envoy "
          + SupportedVersions.ENVOY.versions() + "; Java " + Runtime.version().feature()
    };
  }
}
