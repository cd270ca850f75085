// Runs the image classifier of the samples on an image of one gray: TrimmedApp MODEL.pb
#if Empty
Console.WriteLine("nothing is carried");
#else
using Decant;
#if OwnOps
using Decant.Samples.TrimmedApp;

using Model model = ImageNetOps.Load(args[0]);
using var session = new Session(model, ImageNetOps.Options);
#else

using Model model = Model.Load(args[0]);
using var session = new Session(model);
#endif
float[] pixels = new float[32 * 32 * 3];
Array.Fill(pixels, 0.5f);
var inputs = new Dictionary<string, Tensor> { ["serving_default_image"] = Tensor.Wrap(pixels, new Shape(1, 32, 32, 3)) };
foreach (float probability in session.Run(inputs)["StatefulPartitionedCall"].Span<float>())
    Console.WriteLine(probability);
#endif
