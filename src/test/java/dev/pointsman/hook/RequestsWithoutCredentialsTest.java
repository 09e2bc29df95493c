package dev.pointsman.hook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.pointsman.envoy.newer.NewerRouteMatch;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostVirtualHostModifyRequest;
import dev.pointsman.xds.HiddenCredentials;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.GenericSecret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of Envoy Gateway, recorded and made, without their credentials. */
class RequestsWithoutCredentialsTest {
  private static final Pattern DIGEST = Pattern.compile("hidden-[0-9a-f]{16}");
  private static final Pattern PASSWORD_HASH = Pattern.compile("\\{SHA}[A-Za-z0-9+/]{27}=");

  private final RequestsWithoutCredentials hiding =
      new RequestsWithoutCredentials(new HiddenCredentials(new byte[] {1, 2, 3}));

  private static PostTranslateModifyRequest translation(String recording) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("testdata/translate", recording))) {
      Path last = files
          .filter(file -> file.toString().endsWith("-PostTranslateModify.pb"))
          .sorted()
          .toList()
          .getLast();
      return PostTranslateModifyRequest.parseFrom(Files.readAllBytes(last));
    }
  }

  private static String text(Message request) {
    return request.toByteString().toString(ISO_8859_1);
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).toList();
  }

  @Test
  void equalApiKeysBecomeEqualDigestsAndTheirClientsKeepTheirNames() throws IOException {
    PostTranslateModifyRequest request = translation("auth-api-key-on-one-model");
    assertThat(text(request)).contains("supersecret");
    String hidden = text(hiding.in(request));
    assertThat(hidden).doesNotContain("supersecret").contains("client1", "x-api-key");
    List<String> digests = found(DIGEST, hidden);
    assertThat(digests).hasSizeGreaterThan(1);
    assertThat(digests).containsOnly(digests.getFirst());
    HiddenCredentials other = new HiddenCredentials(new byte[] {4});
    assertThat(text(new RequestsWithoutCredentials(other).in(request)))
        .as("another recording has other digests")
        .doesNotContain(digests.getFirst());
  }

  @Test
  void passwordHashesBecomeOthersThatEnvoyReads() throws IOException {
    PostTranslateModifyRequest request = translation("tenants-basic-auth");
    List<String> before = found(PASSWORD_HASH, text(request));
    String hidden = text(hiding.in(request));
    assertThat(before).isNotEmpty();
    assertThat(hidden).contains("alice:{SHA}");
    assertThat(found(PASSWORD_HASH, hidden))
        .hasSameSizeAs(before)
        .doesNotContainAnyElementsOf(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights-two-pools", "policy-fallback", "tracing-opentelemetry"})
  void requestsWithoutCredentialsKeepTheirBytes(String recording) throws IOException {
    PostTranslateModifyRequest request = translation(recording);
    assertThat(hiding.in(request).toByteString()).isEqualTo(request.toByteString());
  }

  private Route hidden(Route route) throws InvalidProtocolBufferException {
    PostRouteModifyRequest request =
        PostRouteModifyRequest.newBuilder().setRoute(route.toByteString()).build();
    return Route.parseFrom(((PostRouteModifyRequest) hiding.in(request)).getRoute());
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization, true, true",
    "X-Serverless-Authorization, true, true",
    "x-forwarded-authorization, true, true",
    "x-original-cookie, true, true",
    "authtoken, true, true",
    "x-auth, true, true",
    "x-session, true, true",
    "x-api-key, true, true",
    "apikey, true, true",
    "x-goog-signature, true, true",
    "sig, true, true",
    "code, true, true",
    "x-gateway-api-key, true, true",
    "x-honeycomb-team, false, true",
    "x-user, false, true",
    "x-design, false, true",
    "x-gateway-model-name, false, false",
    "content-type, false, false",
    ":authority, false, false"
  })
  void valuesOfHeadersAreHiddenByTheirNames(
      String name, boolean isConditionHidden, boolean isValueHidden) throws IOException {
    Route route = hidden(Route.newBuilder()
        .addRequestHeadersToAdd(HeaderValueOption.newBuilder()
            .setHeader(HeaderValue.newBuilder().setKey(name).setValue("told-value")))
        .setMatch(RouteMatch.newBuilder()
            .addHeaders(HeaderMatcher.newBuilder()
                .setName(name)
                .setStringMatch(StringMatcher.newBuilder().setPrefix("told-condition")))
            .addQueryParameters(QueryParameterMatcher.newBuilder()
                .setName(name)
                .setStringMatch(StringMatcher.newBuilder().setExact("told-condition"))))
        .build());
    assertThat(text(route).contains("told-condition")).isEqualTo(!isConditionHidden);
    assertThat(text(route).contains("told-value")).isEqualTo(!isValueHidden);
    assertThat(found(DIGEST, text(route)))
        .hasSize((isConditionHidden ? 2 : 0) + (isValueHidden ? 1 : 0));
  }

  @Test
  void aValueThatOnlyRefersToTheRequestStays() throws IOException {
    Route route = Route.newBuilder()
        .addRequestHeadersToAdd(HeaderValueOption.newBuilder()
            .setHeader(HeaderValue.newBuilder()
                .setKey("x-team")
                .setValue("%DYNAMIC_METADATA(envoy.filters.http.jwt_authn:team)%")))
        .build();
    assertThat(hidden(route)).isEqualTo(route);
  }

  @Test
  void aValueMayReferToTheRequestAnyNumberOfTimes() throws IOException {
    Route.Builder route = Route.newBuilder();
    route
        .addRequestHeadersToAddBuilder()
        .getHeaderBuilder()
        .setKey("x-team")
        .setValue("%A%".repeat(100_000));
    assertThat(hidden(route.build())).isEqualTo(route.build());
  }

  @Test
  void valuesOfCookiesAreHidden() throws IOException {
    NewerRouteMatch.Builder cookies = NewerRouteMatch.newBuilder();
    cookies.addCookiesBuilder().setName("beta").getStringMatchBuilder().setExact("told-one");
    cookies.addCookiesBuilder().setName("user").getStringMatchBuilder().setPrefix("told-two");
    UnknownFieldSet fields = UnknownFieldSet.parseFrom(cookies.build().toByteString());
    Route.Builder route = Route.newBuilder();
    route.getMatchBuilder().setPrefix("/told-path").setUnknownFields(fields);
    String hidden = text(hidden(route.build()));
    assertThat(hidden)
        .contains("beta", "user", "/told-path")
        .doesNotContain("told-one", "told-two");
    assertThat(found(DIGEST, hidden)).hasSize(2);
  }

  @Test
  @SuppressWarnings("deprecation") // Envoy still reads it
  void anOlderConditionIsHiddenAndAConditionOnPresenceStays() throws IOException {
    HeaderMatcher older =
        HeaderMatcher.newBuilder().setName("cookie").setExactMatch("told").build();
    HeaderMatcher presence = HeaderMatcher.newBuilder()
        .setName("authorization")
        .setPresentMatch(true)
        .build();
    Route route = hidden(Route.newBuilder()
        .setMatch(RouteMatch.newBuilder().addHeaders(older).addHeaders(presence))
        .build());
    assertThat(text(route)).doesNotContain("told");
    assertThat(route.getMatch().getHeaders(1)).isEqualTo(presence);
  }

  @Test
  void keysOfSecretsAreHiddenAndCertificatesStay() throws IOException {
    DataSource key = DataSource.newBuilder()
        .setInlineBytes(ByteString.copyFromUtf8("private"))
        .build();
    DataSource certificate = DataSource.newBuilder().setInlineString("public").build();
    PostTranslateModifyRequest request = PostTranslateModifyRequest.newBuilder()
        .addSecrets(Secret.newBuilder()
            .setTlsCertificate(TlsCertificate.newBuilder()
                .setCertificateChain(certificate)
                .setPrivateKey(key)
                .setPassword(key))
            .build()
            .toByteString())
        .addSecrets(Secret.newBuilder()
            .setGenericSecret(GenericSecret.newBuilder().setSecret(key).putSecrets("a", key))
            .build()
            .toByteString())
        .build();
    String hidden = text(hiding.in(request));
    assertThat(hidden).contains("public").doesNotContain("private");
    assertThat(found(DIGEST, hidden)).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({"RSA, true", "oct, false"})
  void symmetricKeysOfTokensAreHidden(String type, boolean stays) throws IOException {
    JwtProvider provider = JwtProvider.newBuilder()
        .setLocalJwks(DataSource.newBuilder()
            .setInlineString("{\"keys\":[{\"kty\": \"" + type + "\", \"k\": \"told\"}]}"))
        .build();
    VirtualHost host = VirtualHost.newBuilder()
        .putTypedPerFilterConfig("jwt", Any.pack(provider))
        .build();
    PostVirtualHostModifyRequest request = PostVirtualHostModifyRequest.newBuilder()
        .setVirtualHost(host.toByteString())
        .build();
    assertThat(text(hiding.in(request)).contains("told")).isEqualTo(stays);
  }

  @Test
  void aRequestThatCannotBeReadIsRefused() {
    PostRouteModifyRequest request = PostRouteModifyRequest.newBuilder()
        .setRoute(ByteString.copyFromUtf8("not a route"))
        .build();
    assertThatThrownBy(() -> hiding.in(request)).isInstanceOf(InvalidProtocolBufferException.class);
  }
}
