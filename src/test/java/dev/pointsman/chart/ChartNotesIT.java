package dev.pointsman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The notes that Helm prints after an installation, with a real API server. */
class ChartNotesIT extends InstalledChart {
  private static final String OWN = "tls.mode=existingSecret,tls.existingSecret.name=own,"
      + "tls.existingSecret.caSecret.name=own-ca";

  /** The notes of an installation that is not carried out. */
  private static String notes(String... values) {
    List<String> set = List.of(values);
    String[] install = {
      "install",
      "pointsman",
      Helm.CHART,
      "--namespace",
      GATEWAY,
      "--dry-run=server",
      "--set",
      String.join(",", set.isEmpty() ? List.of("replicas=2") : set)
    };
    String said = helm.run(install).ok();
    return said.substring(said.indexOf("NOTES:"));
  }

  @Test
  void aPortThatAsksForNoCertificateIsNamed() {
    String hooks = "every client that reaches port 5005 can call the hooks";
    String endpoints = "every client that reaches port 18010 can read endpoints";
    assertThat(notes()).doesNotContain(hooks).doesNotContain(endpoints);
    assertThat(notes(OWN)).contains(hooks).doesNotContain(endpoints);
    assertThat(notes(OWN, "tls.proxyCA.verify=false")).contains(hooks).contains(endpoints);
    assertThat(notes(OWN, "tls.existingSecret.clientSecret.name=own-client"))
        .doesNotContain(hooks);
  }
}
