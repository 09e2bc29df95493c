package dev.pointsman.server;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses whoever presents no client certificate, or one that our CA has not signed, and says so. TLS itself refuses the
 * latter; the former gets no call through rather than no connection, so that both sides' logs tell the reason: an Envoy
 * Gateway without a connection would wait for ever, in silence.
 */
final class ClientCertificates extends ServerTransportFilter implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(ClientCertificates.class);
  private static final Duration BETWEEN_EQUAL_LINES = Duration.ofMinutes(1);
  private static final int LINES = 100;

  private final Path clientCa;
  private final Map<String, Long> said = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
      return size() > LINES;
    }
  };

  ClientCertificates(Path clientCa) {
    this.clientCa = clientCa;
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    if (!presented(attributes)) {
      say("%s presents no client certificate: its calls are refused"
          .formatted(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
    }
    return attributes;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (presented(call.getAttributes())) {
      return next.startCall(call, headers);
    }
    call.close(
        Status.UNAUTHENTICATED.withDescription(
            "Pointsman's port wants a client certificate that its client CA has signed"),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static boolean presented(Attributes attributes) {
    SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    try {
      return session != null && session.getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  /** A verifier of clients that says whom it refuses. */
  X509ExtendedTrustManager saying(X509ExtendedTrustManager verifier) {
    return new X509ExtendedTrustManager() {
      @Override
      public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
          throws CertificateException {
        try {
          verifier.checkClientTrusted(chain, type, engine);
        } catch (CertificateException e) {
          throw refused(chain, e);
        }
      }

      @Override
      public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
          throws CertificateException {
        throw new CertificateException("not over sockets");
      }

      @Override
      public void checkClientTrusted(X509Certificate[] chain, String type)
          throws CertificateException {
        throw new CertificateException("not without an engine");
      }

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
          throws CertificateException {
        throw new CertificateException("for clients only");
      }

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
          throws CertificateException {
        throw new CertificateException("for clients only");
      }

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String type)
          throws CertificateException {
        throw new CertificateException("for clients only");
      }

      @Override
      public X509Certificate[] getAcceptedIssuers() {
        // Sent to clients once and for all, it would keep those of a new CA from presenting what
        // they have.
        return new X509Certificate[0];
      }
    };
  }

  private CertificateException refused(X509Certificate[] chain, CertificateException why) {
    say("a client with the certificate %s, signed by %s, is refused: %s (CAs: %s)"
        .formatted(
            chain[0].getSubjectX500Principal(),
            chain[0].getIssuerX500Principal(),
            why.getMessage(),
            clientCa));
    return why;
  }

  /** Envoy comes back every second: the same line once a minute is enough. */
  private void say(String line) {
    String client = line.replaceFirst("^(/[^ ]*):\\d+ ", "$1 "); // another port each time
    long now = System.nanoTime();
    synchronized (said) {
      Long last = said.get(client);
      if (last != null && now - last < BETWEEN_EQUAL_LINES.toNanos()) {
        return;
      }
      said.put(client, now);
    }
    LOG.warn("{}", client);
  }
}
