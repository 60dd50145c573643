package io.github.shortlived;

import com.google.api.client.http.javanet.NetHttpTransport;
import java.net.HttpURLConnection;
import java.util.List;

/** A network that keeps the paths that it is asked for. */
final class RecordingHttp {
  private RecordingHttp() {}

  /** In order, in a list for whatever thread asks. */
  static NetHttpTransport into(List<String> paths) {
    return new NetHttpTransport.Builder()
        .setConnectionFactory(
            url -> {
              paths.add(url.getPath());
              return (HttpURLConnection) url.openConnection();
            })
        .build();
  }
}
