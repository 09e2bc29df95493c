package dev.pointsman.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:5005, 127.0.0.1, 5005",
    "[::1]:5005, ::1, 5005",
    "pointsman.default.svc:65535, pointsman.default.svc, 65535",
    "localhost:0, localhost, 0",
    ":5005, 0.0.0.0, 5005"
  })
  void readsAddressesNamesAndAnyAddress(String text, String host, int port) {
    assertThat(HostPort.parse(text)).isEqualTo(new HostPort(host, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nowhere",
        "::1:5005",
        "[::1]",
        "[::1",
        "[localhost]:80",
        "[]:80",
        "localhost:",
        "localhost:65536",
        "localhost:-1",
        "localhost:+1",
        "localhost:1e3",
        "localhost:\u0663",
        "a:b:80",
        "1.2.3.999:80",
        "under_score:80",
        "two words:80",
        "http://localhost:80"
      })
  void refusesOthersWithTheirText(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostPort.parse(text))
        .withMessageStartingWith("\"" + text + "\" is not HOST:PORT, such as 127.0.0.1:5005");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:5005", "[::1]:5005", "localhost:80"})
  void printsAsItIsRead(String text) {
    assertThat(HostPort.parse(text)).hasToString(text);
  }
}
