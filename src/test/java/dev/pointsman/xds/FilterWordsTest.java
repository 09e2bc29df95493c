package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterWordsTest {
  @ParameterizedTest
  @CsvSource({
    "envoy.filters.http.basic_auth//good/passwords, basic auth of SecurityPolicy good/passwords",
    "envoy.filters.http.basic_auth/securitypolicy/good/a, basic auth of SecurityPolicy good/a",
    "envoy.filters.http.api_key_auth, API keys of a SecurityPolicy",
    "envoy.filters.http.wasm//ml/w.x/wasm/1, Wasm 2 of EnvoyExtensionPolicy ml/w.x",
    "envoy.filters.http.ext_proc//ml/a/extproc/0, external processor 1 of EnvoyExtensionPolicy ml/a",
    "envoy.filters.http.dynamic_modules//ml/a/dynamic-module/0, dynamic module 1 of EnvoyExtensionPolicy ml/a",
    "envoy.filters.http.compressor.gzip, compression of a BackendTrafficPolicy",
    "envoy.filters.http.credential_injector//ml/a, credential injection of HTTPRouteFilter ml/a",
  })
  void namesObjects(String filter, String words) {
    assertThat(FilterWords.of(filter)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "envoy.filters.http.unheard_of//good/passwords",
    "envoy.filters.http.basic_auth//good",
    "envoy.filters.http.basic_auth//good/passwords/of/a/b",
    "envoy.filters.http.wasm//a/b/wasm/99999999999",
    "my-filter",
    "''",
  })
  void leavesOtherNamesAsTheyAre(String filter) {
    assertThat(FilterWords.of(filter)).isEqualTo(filter);
  }

  @Test
  void severalAreSorted() {
    assertThat(FilterWords.of(List.of("x", "envoy.filters.http.api_key_auth", "a")))
        .isEqualTo("a, API keys of a SecurityPolicy, x");
  }
}
