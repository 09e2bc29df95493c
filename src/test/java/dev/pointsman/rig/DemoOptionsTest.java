package dev.pointsman.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.config.HostPort;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code hack/demo.sh} refuses options that it cannot use before it builds or starts anything. */
@Timeout(20)
class DemoOptionsTest {
  private record DemoResult(int code, String said) {}

  private static DemoResult demo(String... options) throws Exception {
    Process demo = new ProcessBuilder(
            Stream.concat(Stream.of("hack/demo.sh", "--once"), Arrays.stream(options))
                .toList())
        .redirectErrorStream(true)
        .start();
    try {
      String said = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new DemoResult(demo.waitFor(), said);
    } finally {
      demo.destroy(); // where it was not refused
    }
  }

  @Test
  void portsAreNumbers() throws Exception {
    for (String port : List.of("abc", "0", "-1", "65536", "99999", "08", "80 80", "")) {
      assertThat(demo("--port", port))
          .isEqualTo(new DemoResult(
              2,
              "demo.sh: --port " + port
                  + ": not a number from 1 to 65535 (see hack/demo.sh --help)\n"));
    }
  }

  @Test
  void optionsHaveTheirValues() throws Exception {
    assertThat(demo("--port").said()).startsWith("demo.sh: --port needs a number");
    assertThat(demo("--scenario").said()).startsWith("demo.sh: --scenario needs a name");
    assertThat(demo("--scenario", "x").code()).isEqualTo(2);
    assertThat(demo("--prot", "1").code()).isEqualTo(2);
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThat(demo("--port", "" + taken.getLocalPort()))
          .isEqualTo(new DemoResult(
              1,
              "demo.sh: nothing can listen on port " + taken.getLocalPort()
                  + ": Address already in use; take another with --port N\n"));
    }
  }

  @Test
  void onePortForTwoIsReported() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Ports ports = new Ports();
    ports.need(port, "the Gateway's listener");
    ports.need(new HostPort("127.0.0.1", port), "Pointsman");
    ports.need(new HostPort("127.0.0.2", port + 1), "one pod");
    ports.need(new HostPort("127.0.0.3", port + 1), "another pod");
    assertThat(ports.taken())
        .contains(
            "port " + port
                + " is needed for the Gateway's listener and for Pointsman: choose another for one of them")
        .noneMatch(line -> line.contains("pod and"));
  }
}
